/** What the blocks of ICD-10 are about, in our own few words; the classification's titles stand in its volumes. */
export const BLOCK_TITLES = `
A00-A09 Infections of the gut
A15-A19 Tuberculosis
A20-A28 Bacterial infections from animals
A30-A49 Other bacterial infections
A50-A64 Sexually transmitted infections
A65-A69 Other spirochaetes (yaws, Lyme)
A70-A74 Other chlamydiae (trachoma)
A75-A79 Rickettsiae (typhus)
A80-A89 Viral infections of the nervous system
A92-A99 Viral fevers, dengue among them
B00-B09 Viral infections with a rash (measles, chickenpox)
B15-B19 Viral hepatitis
B20-B24 HIV
B25-B34 Other viral infections
B35-B49 Fungal infections
B50-B64 Malaria and other protozoa
B65-B83 Worms
B85-B89 Lice, scabies, mites
B90-B94 After-effects of infections
B95-B98 Germs as causes of other diseases
B99-B99 Other infections
C00-C14 Cancer of the mouth and throat
C15-C26 Cancer of the digestive organs
C30-C39 Cancer of the lungs and airways
C40-C41 Cancer of the bones
C43-C44 Cancer of the skin
C45-C49 Cancer of soft tissue
C50-C50 Cancer of the breast
C51-C58 Cancer of the female organs
C60-C63 Cancer of the male organs
C64-C68 Cancer of the urinary tract
C69-C72 Cancer of the eye and brain
C73-C75 Cancer of the thyroid and glands
C76-C80 Cancer of unknown or other places
C81-C96 Cancer of the blood and lymph
C97-C97 Several cancers
D00-D09 Cancer in situ
D10-D36 Benign tumours
D37-D48 Tumours of uncertain behaviour
D50-D53 Anaemia from nutrition
D55-D59 Haemolytic anaemia
D60-D64 Other anaemia
D65-D69 Disorders of clotting
D70-D77 Other diseases of the blood
D80-D89 Disorders of immunity
E00-E07 Thyroid
E10-E14 Diabetes
E15-E16 Other disorders of blood sugar
E20-E35 Other glands
E40-E46 Malnutrition
E50-E64 Lack of vitamins and minerals
E65-E68 Obesity
E70-E90 Metabolic disorders
F00-F09 Dementia and organic mental disorders
F10-F19 Alcohol and drugs
F20-F29 Schizophrenia and psychoses
F30-F39 Depression and mood
F40-F48 Anxiety and stress
F50-F59 Sleep, eating and the like
F60-F69 Personality
F70-F79 Intellectual disability
F80-F89 Disorders of development
F90-F98 Behaviour and emotions of children
F99-F99 Other mental disorders
G00-G09 Inflammation of the nervous system
G10-G14 Atrophies of the nervous system
G20-G26 Parkinson and other disorders of movement
G30-G32 Alzheimer and other degeneration
G35-G37 Multiple sclerosis and the like
G40-G47 Epilepsy, migraine, sleep
G50-G59 Nerves
G60-G64 Polyneuropathies
G70-G73 Nerve and muscle
G80-G83 Paralysis
G90-G99 Other disorders of the nervous system
H00-H06 Eyelids and tear ducts
H10-H13 Conjunctiva
H15-H22 Cornea and iris
H25-H28 Lens, cataract
H30-H36 Retina
H40-H42 Glaucoma
H43-H45 Eyeball
H46-H48 Optic nerve
H49-H52 Eye movement and refraction
H53-H54 Blindness and low vision
H55-H59 Other disorders of the eye
H60-H62 Outer ear
H65-H75 Middle ear
H80-H83 Inner ear
H90-H95 Hearing loss and other ear disorders
I00-I02 Acute rheumatic fever
I05-I09 Rheumatic heart disease
I10-I15 High blood pressure
I20-I25 Ischaemic heart disease
I26-I28 Heart disease from the lungs
I30-I52 Other heart disease
I60-I69 Stroke
I70-I79 Arteries
I80-I89 Veins and lymph
I95-I99 Other disorders of the circulation
J00-J06 Acute infections of the upper airways
J09-J18 Influenza and pneumonia
J20-J22 Acute infections of the lower airways
J30-J39 Other diseases of the upper airways
J40-J47 Asthma, COPD
J60-J70 Lungs harmed by dust and fumes
J80-J84 Other diseases of the lung tissue
J85-J86 Abscess and pus in the chest
J90-J94 Pleura
J95-J99 Other diseases of the airways
K00-K14 Teeth and mouth
K20-K31 Oesophagus, stomach, duodenum
K35-K38 Appendix
K40-K46 Hernia
K50-K52 Bowel inflammation without infection
K55-K64 Other diseases of the bowel
K65-K67 Peritoneum
K70-K77 Liver
K80-K87 Gallbladder and pancreas
K90-K93 Other diseases of digestion
L00-L08 Infections of the skin
L10-L14 Blistering diseases
L20-L30 Dermatitis and eczema
L40-L45 Psoriasis and the like
L50-L54 Hives and redness
L55-L59 Skin harmed by radiation
L60-L75 Nails, hair, sweat glands
L80-L99 Other diseases of the skin
M00-M25 Joints
M30-M36 Connective tissue
M40-M54 Back
M60-M79 Muscles and soft tissue
M80-M94 Bones and cartilage
M95-M99 Other disorders of muscles and bones
N00-N08 Glomeruli of the kidney
N10-N16 Tubules of the kidney
N17-N19 Kidney failure
N20-N23 Stones
N25-N29 Other disorders of the kidney
N30-N39 Bladder and urinary tract
N40-N51 Male organs
N60-N64 Breast
N70-N77 Inflammation of the female organs
N80-N98 Other disorders of the female organs
N99-N99 Other disorders of the urinary and sexual organs
O00-O08 Pregnancy that ends early
O10-O16 High blood pressure in pregnancy
O20-O29 Other disorders in pregnancy
O30-O48 Care for the unborn child
O60-O75 Complications of labour
O80-O84 Delivery
O85-O92 After delivery
O94-O99 Other conditions around pregnancy
P00-P04 Newborn harmed by the mother’s condition
P05-P08 Newborn: length of gestation and growth
P10-P15 Birth injuries
P20-P29 Newborn: breathing and heart
P35-P39 Newborn: infections
P50-P61 Newborn: blood
P70-P74 Newborn: metabolism
P75-P78 Newborn: digestion
P80-P83 Newborn: skin and temperature
P90-P96 Newborn: other conditions
Q00-Q07 Malformations of the nervous system
Q10-Q18 Malformations of eye, ear, face
Q20-Q28 Malformations of heart and vessels
Q30-Q34 Malformations of the airways
Q35-Q37 Cleft lip and palate
Q38-Q45 Malformations of digestion
Q50-Q56 Malformations of sexual organs
Q60-Q64 Malformations of the urinary tract
Q65-Q79 Malformations of muscles and bones
Q80-Q89 Other malformations
Q90-Q99 Chromosomes
R00-R09 Signs of circulation and breathing
R10-R19 Signs of digestion
R20-R23 Signs of the skin
R25-R29 Signs of nerves and muscles
R30-R39 Signs of the urinary tract
R40-R46 Signs of mind and behaviour
R47-R49 Speech and voice
R50-R69 Fever and other general signs
R70-R79 Findings in blood
R80-R82 Findings in urine
R83-R89 Findings in other fluids
R90-R94 Findings in pictures
R95-R99 Unknown causes of death
S00-S09 Injuries of the head
S10-S19 Injuries of the neck
S20-S29 Injuries of the chest
S30-S39 Injuries of belly, back, pelvis
S40-S49 Injuries of shoulder and upper arm
S50-S59 Injuries of the forearm
S60-S69 Injuries of wrist and hand
S70-S79 Injuries of hip and thigh
S80-S89 Injuries of knee and lower leg
S90-S99 Injuries of ankle and foot
T00-T07 Injuries of several places
T08-T14 Injuries of unspecified places
T15-T19 Foreign bodies
T20-T32 Burns
T33-T35 Frostbite
T36-T50 Poisoning by medicines
T51-T65 Poisoning by other substances, snake bites among them
T66-T78 Other harm from outside
T79-T79 Early complications of injury
T80-T88 Complications of care
T90-T98 After-effects of injuries and poisoning
U00-U49 New diseases, COVID-19 among them
U82-U85 Resistance to medicines
V01-X59 Accidents
X60-X84 Self-harm
X85-Y09 Assault
Y10-Y34 Harm, intent unknown
Y35-Y36 War
Y40-Y84 Harm by medical care
Y85-Y89 After-effects of causes from outside
Y90-Y98 Circumstances
Z00-Z13 Examinations
Z20-Z29 Contact with infections, vaccination
Z30-Z39 Family planning, pregnancy care, births
Z40-Z54 Treatment and aftercare
Z55-Z65 Social circumstances
Z70-Z76 Other encounters
Z80-Z99 Family and personal history`
